import { writeFileSync } from 'node:fs';
import { documents } from './documents.js';

for (const [path, text] of Object.entries(await documents())) {
  writeFileSync(new URL(`../../${path}`, import.meta.url), text);
}
