import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderWith, runCli } from '../cli/command-line.js';

/** A description of Flexprice's two requests that agrees with the mapping, or not. */
function description(changes: object = {}): string {
  const text = (maxLength?: number) => ({ type: 'string', ...(maxLength !== undefined && { maxLength }) });
  const list = { type: 'array', items: {} };
  const schema = {
    type: 'object',
    required: ['external_id', 'name'],
    properties: {
      external_id: text(),
      name: text(255),
      email: text(),
      contact: text(20),
      address_line1: text(255),
      address_line2: text(255),
      address_city: text(100),
      address_state: text(100),
      address_postal_code: text(20),
      address_country: text(),
      timezone: text(),
      metadata: { type: 'object', additionalProperties: text() },
      skip_onboarding_workflow: { type: 'boolean' },
      onboarding_workflow_name: text(),
      tax_rate_overrides: list,
      integration_entity_mapping: list,
      ...changes,
    },
  };
  const operation = { requestBody: { content: { 'application/json': { schema } } } };
  return JSON.stringify({ openapi: '3.0.1', paths: { '/v1/customers': { post: operation, put: operation } } });
}

describe('lint --spec', () => {
  it('finds nothing where mapping and description agree', async (ending) => {
    const cwd = folderWith({ 'spec.json': description() }, ending);
    const result = await runCli(['lint', '--spec', 'flexprice=spec.json'], { cwd });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('nothing found');
  });

  it('names the rule, where it stands and what to write instead', async (ending) => {
    const changed = { contact: { type: 'string', maxLength: 15 }, segment: { type: 'string' } };
    const cwd = folderWith({ 'spec.json': description(changed) }, ending);
    const { code, stdout } = await runCli(['lint', '--spec', 'flexprice=spec.json', '--json'], { cwd });
    expect(code).toBe(1);
    const lines = readFileSync('providers/flexprice/mapping.json', 'utf8').split('\n');
    expect(JSON.parse(stdout)).toEqual({
      findings: [
        {
          file: 'providers/flexprice/mapping.json',
          pointer: '/fields/contact',
          line: lines.findIndex((line) => line.includes('"contact": {')) + 1,
          code: 'spec_max_length',
          message: 'contact: may send 16 characters, the description takes 15',
          remedy: 'Add "max_length": 15 and an overflow.',
        },
        expect.objectContaining({
          code: 'spec_not_mapped',
          pointer: '/fields',
          message: expect.stringContaining('segment'),
        }),
      ],
    });
  });

  it('reports a recorded difference that the description does not show any more', async (ending) => {
    const cwd = folderWith({ 'spec.json': description() }, ending);
    const { code, stdout } = await runCli(['lint', '--spec', 'lago=spec.json'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('providers/lago/spec-differences.json:4 /differences/0 spec_difference_gone');
  });

  it('wants a known provider and a file that can be read', async (ending) => {
    const cwd = folderWith({ 'spec.json': description() }, ending);
    const unknown = await runCli(['lint', '--spec', 'flexprise=spec.json'], { cwd });
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "flexprice"?') });
    const missing = await runCli(['lint', '--spec', 'flexprice=specs.json'], { cwd });
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "spec.json"?') });
  });
});
