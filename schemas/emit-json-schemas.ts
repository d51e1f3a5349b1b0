import { writeFileSync } from 'node:fs';
import { jsonSchemas } from './json-schemas.js';

// Run by `npm run schemas`; a test fails when the files are older than the definitions.
for (const [name, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(new URL(`./json/${name}.schema.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
