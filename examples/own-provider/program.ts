import { builtInProviders, createLocalHost, createRunner } from 'customer-sync';
import { shelf } from './shelf.js';

const runner = createRunner({ providers: [...builtInProviders, shelf] });
const customer = { id: 'acct_1042', name: 'Acme GmbH', email: 'billing@acme.example', address: { country: 'DE' } };

for (const to of ['lago', 'shelf']) {
  const { definition } = runner.provider(to);
  const { [definition.auth.env]: apiKey = '', [definition.api.base_url_env]: baseUrl } = process.env;
  const host = createLocalHost({ definition, apiKey, ...(baseUrl !== undefined && { baseUrl }) });
  const connection = runner.connect({ to, host });

  const planned = await runner.planCustomer(connection, customer);
  if (planned.kind === 'plan') process.stdout.write(`${to}: ${planned.plan.action}\n`);

  const [outcome] = await runner.upsert(connection, customer);
  process.stdout.write(`${to}: ${outcome?.status} ${outcome?.provider_id}\n`);
}
