import { conform } from './conform.js';

conform('stripe');
