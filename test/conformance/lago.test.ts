import { conform } from './conform.js';

conform('lago');
