import './recharge/actions/upsert-customers.js';
import './lago/actions/upsert-customers.js';
import './flexprice/actions/upsert-customers.js';
import './autumn/actions/upsert-customers.js';
