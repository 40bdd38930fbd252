// What Microsoft's own validator says of a manifest: one fault a line, and exit code 1 where there is one.

import { readFileSync } from "node:fs";
import manifests from "@microsoft/app-manifest";

const manifest = JSON.parse(readFileSync(process.argv[2], "utf8"));
const faults = await manifests.AppManifestUtils.validateAgainstSchema(manifest);
for (const fault of faults) console.log(fault);
process.exit(faults.length ? 1 : 0);
