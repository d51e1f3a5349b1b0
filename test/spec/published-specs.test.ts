import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { checkSpec, readSpec } from '../../src/spec/check-spec.js';

/** A folder with the providers' own descriptions, `<provider>*.openapi.yaml` or `.json`; they are not ours to ship. */
const folder = process.env['CUSTOMER_SYNC_SPECS'];

function specOf(id: string): string | undefined {
  const name =
    folder === undefined
      ? undefined
      : readdirSync(folder).find((file) => file.startsWith(id) && file.includes('openapi'));
  return name === undefined ? undefined : `${folder}/${name}`;
}

function filesOf(id: string) {
  const named = (file: string) => ({ file, text: readFileSync(file, 'utf8') });
  const differences = `providers/${id}/spec-differences.json`;
  return {
    mapping: named(`providers/${id}/mapping.json`),
    differences: existsSync(differences) ? named(differences) : undefined,
  };
}

/** Recharge publishes no description of its API. */
const describedProviders = builtInProviders.filter(({ definition }) => definition.id !== 'recharge');

describe.each(describedProviders.map((provider) => [provider.definition.id, provider] as const))(
  '%s',
  (id, provider) => {
    const path = specOf(id);

    it.skipIf(path === undefined)(
      'agrees with its published description (CUSTOMER_SYNC_SPECS names the folder)',
      async () => {
        const { findings, known } = checkSpec(provider, await readSpec(path ?? ''), filesOf(id));
        expect(findings).toEqual([]);
        for (const { fact } of known) expect(fact.length).toBeGreaterThan(20);
      },
    );
  },
);
