import { createSync } from 'nango';
import { functions } from '../functions.js';

export default createSync({
  description:
    'Read the customers of Lago back, in canonical words; pages overlap, so nobody is missed while they shift',
  version: '1.0.0',
  frequency: 'every hour',
  autoStart: false,
  scopes: [],
  models: { BillingCustomer: functions.pull.record },
  checkpoint: functions.pull.checkpoint,
  exec: (nango) => functions.pull.run(nango),
});
