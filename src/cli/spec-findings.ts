import { existsSync, readFileSync } from 'node:fs';
import type { Finding } from '../lint/finding.js';
import { checkSpec, type NamedFile, readSpec } from '../spec/check-spec.js';
import { type Console, say } from './console.js';
import { type NamedOverlay, providerNamed, shippedMapping } from './mapping-files.js';
import { packageFile } from './package-file.js';

/** Where the shipped mappings differ from the providers' own descriptions, and the differences are not recorded. */
export async function specFindings(console: Console, specs: readonly NamedOverlay[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { provider: name, file } of specs) {
    const provider = providerNamed(name);
    const differences = recordOf(name);
    const report = checkSpec(provider, await readSpec(file), { mapping: shippedMapping(provider), differences });
    findings.push(...report.findings);
    if (report.known.length > 0 && differences !== undefined) {
      say(
        console,
        `note: ${name}: ${report.known.length} known differences from the description, in ${differences.file}`,
      );
    }
  }
  return findings;
}

function recordOf(provider: string): NamedFile | undefined {
  const file = `providers/${provider}/spec-differences.json`;
  const path = packageFile(file);
  return existsSync(path) ? { file, text: readFileSync(path, 'utf8') } : undefined;
}
