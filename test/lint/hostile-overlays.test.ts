import { describe, expect, it } from 'vitest';
import { lago } from '../../integrations/lago/connector.js';
import { lintProviders } from '../../src/cli/mapping-files.js';
import { parseOverlay } from '../../src/core/mapping/compile-mapping.js';
import { providerMapping } from '../../src/core/mapping/provider-mapping.js';
import { lintText } from '../../src/lint/lint-text.js';

const providers = lintProviders();

function ruleText(rule: string): string {
  return `{"fields": {"name": ${rule}}}`;
}

function nested(depth: number, open: string, close: string, end: string): string {
  return open.repeat(depth) + end + close.repeat(depth);
}

const megabyte = 'x'.repeat(1_000_000);
const manyRules = Array.from({ length: 21_000 }, (_, index) => `"f${index}": {"constant": 1}`).join(',');

const hostile: readonly (readonly [name: string, text: string, says: string])[] = [
  ['a key that reaches the prototype', '{"fields": {"__proto__": {"constant": 1}}}', 'has the key "__proto__"'],
  [
    'a prototype further down',
    ruleText('{"object": {"a": {"object": {"__proto__": "name"}}}}'),
    'has the key "__proto__"',
  ],
  [
    'a rule for the constructor',
    '{"fields": {"constructor": {"constant": 1}}}',
    'is not a field that an overlay may add',
  ],
  ['a path over the constructor', ruleText('{"from": "metadata.constructor.name"}'), 'is not allowed'],
  ['a path over the prototype in a template', ruleText('{"template": "{metadata.__proto__.x}"}'), 'is not allowed'],
  ['a template of 1 MB', ruleText(`{"template": "${megabyte}"}`), 'holds more than 1000000 characters'],
  [
    'a template longer than any',
    ruleText(`{"template": "${megabyte.slice(0, 900_000)}"}`),
    'must have at most 500 characters',
  ],
  ['a template of braces', ruleText(`{"template": "${'{'.repeat(400_000)}"}`), 'must have at most 500 characters'],
  [
    'conditions nested 10,000 deep',
    ruleText(`{"when": ${nested(10_000, '{"not":', '}', '{"present":"id"}')}}`),
    'is nested more than 32 levels deep',
  ],
  ['lists nested 20,000 deep', nested(20_000, '[', ']', ''), 'is nested more than 32 levels deep'],
  [
    'shapes nested as deep as allowed and wide',
    ruleText(`{"object": ${nested(13, '{"a":{"object":', '}}', '{"b":"nmae"}')}}`),
    'unknown path "nmae"',
  ],
  ['21,000 rules', `{"fields": {${manyRules}}}`, 'holds more than 20000 values'],
  ['a pattern with catastrophic backtracking', ruleText('{"from": "name", "pattern": "^(a+)+$"}'), 'pattern'],
  [
    'a pattern to replace by',
    ruleText('{"from": "name", "transform": [{"replace": {"find": "(a+)+$", "with": "", "flags": "g"}}]}'),
    'must be one of: trim',
  ],
  ['code', ruleText('{"from": "name", "transform": ["eval(process.exit())"]}'), 'must be one of: trim'],
  [
    'more transforms than allowed',
    ruleText(`{"from": "name", "transform": [${Array(5000).fill('"trim"').join()}]}`),
    'must have at most 10 items',
  ],
  ['a path of 300 keys', ruleText(`{"from": "${'a.'.repeat(300)}a"}`), 'must have at most 200 characters'],
  ['quotes that never end', ruleText(`{"from": "a['${"''".repeat(95)}"}`), 'cannot be read'],
  ['JSON that never ends', '{"fields": {"name": '.repeat(20_000), 'expected a value'],
];

/** The time of the fastest of some runs: the machine may be busy with something else. */
function fastest(run: () => void): number {
  const times: number[] = [];
  while (times.length < 5 && Math.min(...times) >= 100) {
    const started = performance.now();
    run();
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}

describe('a hostile overlay', () => {
  it.each(hostile)('is refused in under 100 ms: %s', (_, text, says) => {
    const lint = () => lintText({ file: 'overlay.json', text, provider: 'lago' }, providers);
    const findings = lint();
    expect(findings.map(({ message }) => message).join('\n')).toContain(says);
    expect(Math.max(...findings.map(({ message, remedy }) => message.length + remedy.length))).toBeLessThan(1200);
    expect(fastest(lint)).toBeLessThan(100);
  });

  it.each(hostile.filter(([, , says]) => says !== 'expected a value'))(
    'is refused in under 100 ms where it is used: %s',
    (_, text) => {
      const overlay: unknown = JSON.parse(text);
      const use = () => providerMapping(lago, [{ name: 'o', overlay: parseOverlay(overlay, 'o') }]);
      expect(use).toThrow(expect.objectContaining({ code: 'mapping' }));
      expect(fastest(() => expect(use).toThrow())).toBeLessThan(100);
    },
  );

  it('cannot make a pattern: characters are a list, whatever they look like', () => {
    const overlay = parseOverlay({ fields: { legal_name: { from: 'legal_name', characters: '(a+)+$' } } }, 'o');
    const rule = providerMapping(lago, [{ name: 'o', overlay }]).rule('legal_name');
    const report = {};
    const evaluate = () => rule?.evaluate({ legal_name: `${'a'.repeat(200_000)}!` }, 'create', report);
    expect(fastest(evaluate)).toBeLessThan(100);
    expect(report).toMatchObject({ issues: [{ field: 'legal_name' }] });
  });

  it('leaves the prototypes of objects as they are', () => {
    const text = '{"fields": {"__proto__": {"from": "name"}}, "remove": {"__proto__": "x"}}';
    lintText({ file: 'overlay.json', text, provider: 'lago' }, providers);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'from')).toBe(false);
  });
});
