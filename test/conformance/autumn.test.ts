import { conform } from './conform.js';

conform('autumn');
