import { describe, it } from 'vitest';
import { folderWith, runCli } from './command-line.js';

describe('lint', () => {
  it('checks the shipped mappings when nothing is named', async ({ expect }) => {
    expect(await runCli(['lint'])).toEqual({ stdout: '5 shipped mappings: nothing found\n', stderr: '', code: 0 });
  });

  it('says of each finding where it stands, what is wrong and what to write, and ends with 1', async ({
    expect,
    onTestFinished,
  }) => {
    const overlay = '{\n  "provider": "lago",\n  "fields": {\n    "name": { "from": "naem" }\n  }\n}\n';
    const cwd = folderWith({ 'overlay.json': overlay }, { onTestFinished });
    expect(await runCli(['lint', 'overlay.json'], { cwd })).toEqual({
      stdout: [
        'overlay.json:4 /fields/name/from unknown_path',
        '  unknown path "naem" (did you mean "name"?)',
        '  -> Use a field of the canonical customer, or one of metadata, external_ids and provider_fields.',
        '1 file: 1 finding',
        '"customer-sync help unknown_path" explains the code.',
        '',
      ].join('\n'),
      stderr: '',
      code: 1,
    });
    const json = await runCli(['lint', '--overlay', 'lago=overlay.json', '--json'], { cwd });
    expect(JSON.parse(json.stdout)).toEqual({
      findings: [
        {
          file: 'overlay.json',
          pointer: '/fields/name/from',
          line: 4,
          code: 'unknown_path',
          message: expect.stringContaining('naem'),
          remedy: expect.stringContaining('canonical'),
        },
      ],
    });
    expect(json.code).toBe(1);
  });

  it.for<[string[], string]>([
    [['nowhere.json'], 'nowhere.json: there is no such file'],
    [['--overlay', 'lgao=a.json'], 'there is no provider "lgao" (did you mean "lago"?)'],
    [['--effective'], '--effective needs --to'],
    [['--to', 'lago'], 'lint has no use for --to without --effective'],
    [['--config', 'customer-sync.yaml'], 'lint has no use for --config without --effective'],
    [['overlay.json', '--effective', '--to', 'lago'], 'lint has no use for files with --effective'],
    [['--spec', 'lago=x.yaml', '--effective', '--to', 'lago'], 'lint has no use for --spec with --effective'],
    [['--effective', '--to', 'lago', '--overlay', 'autumn=a.json'], '--overlay names "autumn", which is not in --to'],
    [['--effective', '--to', 'lgao'], 'there is no provider "lgao" (did you mean "lago"?)'],
  ])('ends with 2 for %j', async ([args, says], { expect }) => {
    const { stderr, stdout, code } = await runCli(['lint', ...args]);
    expect(stderr).toContain(says);
    expect([stdout, code]).toEqual(['', 2]);
  });
});

describe('a key that stands twice in one object', () => {
  const twice =
    '{ "fields": {\n  "id": { "from": "id" },\n  "name": { "from": "name" },\n  "name": { "from": "phone" }\n} }';

  it.for<[string[], string]>([
    [['--overlay', 'lago=twice.json'], 'twice.json: line 3: /fields/name stands twice'],
    [['--source-mapping', 'mapping.json'], 'mapping.json: line 4: /fields/name stands twice'],
  ])('is refused where it is used: %j', async ([args, says], { expect, onTestFinished }) => {
    const files = {
      'in.jsonl': '{"id":"a"}\n',
      'twice.json': twice.replace('"id": { "from": "id" },\n  ', ''),
      'mapping.json': twice,
    };
    const cwd = folderWith(files, { onTestFinished });
    const { stderr, code } = await runCli(['dry-run', 'in.jsonl', '--to', 'lago', '--offline', ...args], { cwd });
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });
});

describe('a file that is far larger than a mapping', () => {
  it.for<[string[], string]>([
    [['lint', 'big.json'], 'big.json: is larger than 2 MB'],
    [
      ['dry-run', 'in.jsonl', '--to', 'lago', '--offline', '--overlay', 'lago=big.json'],
      'big.json: is larger than 2 MB',
    ],
    [
      ['dry-run', 'in.jsonl', '--to', 'lago', '--offline', '--source-mapping', 'big.json'],
      'big.json: is larger than 2 MB',
    ],
  ])('is not read: %j', async ([args, says], { expect, onTestFinished }) => {
    const files = { 'in.jsonl': '{"id":"a"}\n', 'big.json': '['.repeat(2_000_001) };
    const { stderr, code } = await runCli(args, { cwd: folderWith(files, { onTestFinished }) });
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });
});

describe('lint of a configuration', () => {
  it('checks the overlays of its connections, each over its own provider', async ({ expect, onTestFinished }) => {
    const configuration = [
      'connections:',
      '  one: { provider: lago, overlay: [good.json, bad.json] }',
      '  two: { provider: lago, overlay: good.json }',
    ].join('\n');
    const good = '{ "remove": { "url": "not shown" } }';
    const cwd = folderWith(
      { 'customer-sync.yaml': configuration, 'good.json': good, 'bad.json': good },
      { onTestFinished },
    );
    const { stdout, code } = await runCli(['lint', 'customer-sync.yaml'], { cwd });
    expect(stdout).toContain('bad.json:1 /remove/url overlay\n  there is no such rule');
    expect(stdout).toContain('4 files: 1 finding\n');
    expect(code).toBe(1);
  });

  it('checks the source mappings of its sources, once where one is named as well', async ({
    expect,
    onTestFinished,
  }) => {
    const configuration = 'sources: { crm: { type: file, path: crm.csv, source_mapping: columns.json } }';
    const columns = '{ "fields": { "id": { "from": "Id" }, "nmae": { "from": "Name" } } }';
    const cwd = folderWith({ 'customer-sync.yaml': configuration, 'columns.json': columns }, { onTestFinished });
    for (const more of [[], ['./columns.json']]) {
      const { stdout, code } = await runCli(['lint', 'customer-sync.yaml', ...more], { cwd });
      expect(stdout).toContain('columns.json:1 /fields/nmae unknown_path\n');
      expect(stdout).toContain('2 files: 1 finding\n');
      expect(code).toBe(1);
    }
  });
});

describe('lint --effective', () => {
  const files = {
    'environment.json': '{\n  "fields": { "name": { "from": ["legal_name", "name"], "reverse": "name" } }\n}\n',
    'connection.json':
      '{\n  "fields": {\n    "name": { "max_length": 100 }\n  },\n  "remove": { "url": "not shown" }\n}\n',
  };
  const layers = ['--overlay', 'lago=environment.json', '--overlay', 'lago=connection.json'];

  it('shows the mapping as the layers make it, and where each rule stands', async ({ expect, onTestFinished }) => {
    const cwd = folderWith(files, { onTestFinished });
    const { stdout, code } = await runCli(['lint', '--effective', '--to', 'lago', ...layers], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}external_id {2}providers\/lago\/mapping\.json:\d+$/m);
    expect(stdout).toMatch(
      /^ {2}name {2}connection\.json:3 over environment\.json:2 over providers\/lago\/mapping\.json:\d+$/m,
    );
    expect(stdout).toContain('  url  removed by connection.json:5: not shown\n');
    expect(stdout).not.toMatch(/^ {2}url {2}providers/m);
  });

  it('prints the whole rules as JSON', async ({ expect, onTestFinished }) => {
    const cwd = folderWith(files, { onTestFinished });
    const { stdout } = await runCli(['lint', '--effective', '--to', 'lago', '--json', ...layers], { cwd });
    const { rules, removed } = JSON.parse(stdout);
    const name = rules.find(({ target }: { target: string }) => target === 'name');
    expect(name.rule).toEqual({
      from: ['legal_name', 'name'],
      max_length: 100,
      overflow: 'error',
      clear: 'null',
      reverse: 'name',
    });
    expect(name.origins.slice(0, 2)).toEqual([
      { file: 'connection.json', line: 3 },
      { file: 'environment.json', line: 2 },
    ]);
    expect(removed).toEqual([{ target: 'url', reason: 'not shown', file: 'connection.json', line: 5 }]);
  });

  it('takes the overlays of a configured connection', async ({ expect, onTestFinished }) => {
    const configuration =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
      'connections:\n  billing:\n    provider: lago\n    overlay: connection.json\n    credentials:\n      api_key: ${env:LAGO_API_KEY}\n';
    const cwd = folderWith({ ...files, 'customer-sync.yaml': configuration }, { onTestFinished });
    const { stdout, code } = await runCli(['lint', '--effective', '--to', 'billing'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('connection.json:3 over providers/lago/mapping.json');
  });

  it('refuses overlays that cannot be used', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'o.json': '{"fields": {"external_id": {"from": "email"}}}' }, { onTestFinished });
    const { stderr, code } = await runCli(['lint', '--effective', '--to', 'lago', '--overlay', 'lago=o.json'], { cwd });
    expect(stderr).toContain('o.json: fields.external_id: is what customers are found by');
    expect(code).toBe(2);
  });
});
