// Whether Microsoft's own parser understands every query, and knows every column it names: { name: query } on standard input.
// The tables hold the columns that are used here, as Azure Monitor's reference of tables gives them.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");

const { GlobalState, KustoCode, Symbols } = Kusto.Language;
const { DatabaseSymbol, TableSymbol } = Symbols;

const TABLES = {
  AppMetrics:
    "(TimeGenerated: datetime, Name: string, Sum: real, ItemCount: int, Min: real, Max: real, Properties: dynamic, AppRoleName: string, AppRoleInstance: string, _ResourceId: string)",
  AppServiceConsoleLogs:
    "(TimeGenerated: datetime, Level: string, Host: string, ResultDescription: string, OperationName: string, _ResourceId: string)",
  AppServiceHTTPLogs:
    "(TimeGenerated: datetime, CsMethod: string, CsUriStem: string, ScStatus: int, TimeTaken: int, Result: string, _ResourceId: string)",
  AzureDiagnostics:
    "(TimeGenerated: datetime, Category: string, ResourceProvider: string, action_s: string, ruleId_s: string, ruleSetType_s: string, Message: string, _ResourceId: string)",
  AzureMetrics:
    "(TimeGenerated: datetime, MetricName: string, Total: real, Count: real, Minimum: real, Maximum: real, Average: real, Resource: string, ResourceProvider: string, _ResourceId: string)",
};

const tables = Object.entries(TABLES).map(([name, columns]) => new TableSymbol.$ctor7(name, columns, null));
const workspace = new DatabaseSymbol.$ctor3("workspace", null, tables, false);
const state = GlobalState.Default.WithDatabase(workspace);

let wrong = 0;
for (const [name, query] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const found = KustoCode.ParseAndAnalyze(query, state).GetDiagnostics();
  for (let place = 0; place < found.Count; place += 1) {
    const { Message, Start } = found.getItem(place);
    console.log(`${name}: ${Message} (at ${query.slice(Start, Start + 40)})`);
    wrong += 1;
  }
}
process.exit(wrong ? 1 : 0);
