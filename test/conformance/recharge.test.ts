import { conform } from './conform.js';

conform('recharge');
