// Whether every file of infra/ stands as `terraform fmt` would write it, where there is no Terraform.

import { readdirSync, readFileSync } from "node:fs";
import { format } from "@cdktn/hcl-tools";

const infra = new URL("../../infra/", import.meta.url);
const files = readdirSync(infra, { recursive: true }).filter((name) => /\.(tf|tfvars|hcl)$/.test(name) && !name.includes(".terraform"));
let wrong = 0;
for (const name of files) {
  const text = readFileSync(new URL(name, infra), "utf8");
  if ((await format(text)) !== text) {
    console.log(`not formatted: infra/${name}`);
    wrong += 1;
  }
}
process.exit(wrong ? 1 : 0);
