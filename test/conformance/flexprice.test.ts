import { conform } from './conform.js';

conform('flexprice');
