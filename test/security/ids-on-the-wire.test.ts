import { describe, expect, it, onTestFinished } from 'vitest';
import { folderWith, runCli } from '../cli/command-line.js';
import { openNangoStage } from '../connections/nango-stage.js';
import { during, openFlow, SUBJECTS } from '../core/upsert/flow.js';

/** What might leave the place of an id in a request: its header, its path, its query. */
const hostileIds = [
  'a\r\nx-evil: 1',
  'a\nx-evil: 1\n\n{"admin":true}',
  'a\u0000b',
  '../admin',
  '..',
  'a/../../admin',
  '%2e%2e%2fadmin',
  'a?admin=1',
  'a#admin',
  'a;admin=1',
  'a&external_customer_id=b',
  'a b',
  '\u2028x-evil: 1',
  '𝒶/\u202e..',
];

describe.each(SUBJECTS)('an id at $id', (subject) => {
  it.each(hostileIds)('stays where an id stands: %j', async (id) => {
    const emulator = await during(subject.start());
    const flow = openFlow(emulator, subject.provider);
    for (const name of ['Ann', 'Anna']) {
      const [outcome] = [await flow.upsert({ id, email: 'ann@mail.example', name })];
      expect(['created', 'updated', 'invalid', 'rejected', 'failed']).toContain(outcome.status);
    }
    const templates = Object.values(subject.provider.definition.operations).map(
      ({ method, path }) => new RegExp(`^${method} [\\w/]*${path.replace(/\{\w+\}/g, '[^/?#]+').replace('.', '\\.')}$`),
    );
    for (const { method, target, headers } of emulator.requests) {
      const path = target.split('?')[0] ?? '';
      expect(templates.some((template) => template.test(`${method} ${path}`))).toBe(true);
      expect(decodeURIComponent(path).split(/[/\\]/)).not.toContain('..');
      expect(target).toMatch(/^[\x21-\x7e]+$/);
      expect(new URLSearchParams(target.split('?')[1]).has('admin')).toBe(false);
      expect(Object.keys(headers)).not.toContain('x-evil');
    }
  });
});

it.each(['a\r\nx-evil: 1', 'a\u0000', 'ü'])(
  'a connection id that no header can hold reaches nobody: %j',
  async (id) => {
    const stage = await openNangoStage({ providers: ['lago'] });
    try {
      const cwd = folderWith({ 'in.jsonl': '{"id":"a","name":"Ann"}\n' }, { onTestFinished });
      const { code } = await runCli(
        ['apply', 'in.jsonl', '--to', 'lago', '--yes', '--via', 'nango-proxy', '--connection-id', id],
        { cwd, env: stage.env },
      );
      expect(code).not.toBe(0);
      expect(stage.emulator('lago').requests).toEqual([]);
      for (const { headers } of stage.nango.requests) expect(Object.keys(headers)).not.toContain('x-evil');
    } finally {
      await stage.close();
    }
  },
);
