import { expect, it } from 'vitest';
import { createAccounts, openNamed } from '../../src/cli/jobs/open-job.js';
import { parseConfiguration } from '../../src/config/read-configuration.js';

it('who tells how long a run takes counts on a part of the rate for each connection of one account', async () => {
  const settings = parseConfiguration(
    `connections:
      one: { provider: lago, fields: { own: [email] } }
      two: { provider: lago, fields: { own: [name] }, rate_share: 1 }
      other: { provider: lago, base_url: eu }
      autumn: { provider: autumn }`,
    'c.yaml',
  );
  const context = {
    console: { ...process, env: { LAGO_API_KEY: 'k-lago', AUTUMN_SECRET_KEY: 'k-autumn' } },
    configuration: { file: 'c.yaml', directory: '.', settings },
    version: '1',
    tell: () => {},
    accounts: createAccounts(),
  };
  const shares = (await openNamed(context, ['one', 'two', 'other', 'autumn'])).map(({ target }) => target.rateShare);
  expect(shares).toEqual([0.25, 0.5, undefined, undefined]);
});
