// Writes what is made from the schema of the file: `npm run schema`.
import { writeFileSync } from "node:fs";

const { jsonSchema } = await import("../src/config/json-schema.ts");
const { reference } = await import("../src/config/reference.ts");

const write = (path, text) => writeFileSync(new URL(`../${path}`, import.meta.url), text);
write("schemas/clusterconfig.schema.json", `${JSON.stringify(jsonSchema(), null, 2)}\n`);
write("docs/reference.md", reference());
