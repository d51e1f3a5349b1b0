import { createSync } from 'nango';
import { functions } from '../functions.js';

export default createSync({
  description: 'Read the customers of Stripe back, in canonical words',
  version: '1.0.0',
  frequency: 'every hour',
  autoStart: false,
  scopes: ['Customers: Read'],
  models: { BillingCustomer: functions.pull.record },
  checkpoint: functions.pull.checkpoint,
  exec: (nango) => functions.pull.run(nango),
});
