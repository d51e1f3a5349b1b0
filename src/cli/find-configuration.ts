import { existsSync } from 'node:fs';
import { configurationFile, type LoadedConfiguration, readConfiguration } from '../config/read-configuration.js';
import { definitions } from './definitions.js';

/**
 * The configuration named on the command line, else the one in the working directory, if there is one.
 * @throws CustomerSyncError `config` when it is not there or not right.
 */
export function findConfiguration(given: string | undefined): LoadedConfiguration | undefined {
  if (given === undefined && !existsSync(configurationFile)) return undefined;
  return readConfiguration(given ?? configurationFile, definitions);
}
