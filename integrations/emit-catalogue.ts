import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { compileIntegrations } from '../emulators/nango/compile.js';
import { catalogueFiles } from './catalogue.js';

// Run by `npm run nango:manifest`, from the repository's root.
await compileIntegrations();
for (const [path, text] of catalogueFiles(JSON.parse(readFileSync('integrations/.nango/nango.json', 'utf8')))) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
