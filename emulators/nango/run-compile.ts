import { readFileSync } from 'node:fs';
import { compileIntegrations } from './compile.js';

// Run by `npm run nango:compile`: the real CLI, then what it found.
process.stdout.write(await compileIntegrations());
const compiled: { providerConfigKey: string; actions: { name: string }[]; syncs: { name: string }[] }[] = JSON.parse(
  readFileSync(new URL('../../integrations/.nango/nango.json', import.meta.url), 'utf8'),
);
for (const { providerConfigKey, actions, syncs } of compiled) {
  process.stdout.write(`${providerConfigKey}: ${[...actions, ...syncs].map(({ name }) => name).join(', ')}\n`);
}
process.stdout.write(`${compiled.length} integrations\n`);
