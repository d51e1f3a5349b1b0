import type { Command } from 'commander';
import type { Console } from './console.js';

/** What a command needs beside its own options. */
export interface CommandContext {
  readonly console: Console;
  readonly version: string;
  /** Is told the exit code. */
  finish(code: number): void;
}

interface ListedCommand {
  readonly name: string;
  readonly alias?: string;
  readonly description: string;
  /** Gives the command its options and its action. Only the command that runs is loaded, so that help comes at once. */
  load(command: Command, context: CommandContext): Promise<void>;
}

/** All commands, in the order of the help. */
export const commandList: readonly ListedCommand[] = [
  {
    name: 'init',
    description: 'set up: write customer-sync.yaml, and a source mapping guessed from the columns of a file or a table',
    load: async (command, { console, finish }) =>
      (await import('./commands/init.js')).addInit(command, console, finish),
  },
  {
    name: 'doctor',
    description: 'check Node.js, configuration, keys, sources, clock and ledger, and say what to do',
    load: async (command, { console, version, finish }) =>
      (await import('./commands/doctor.js')).addDoctor(command, console, version, finish),
  },
  {
    name: 'dry-run',
    alias: 'plan',
    description: 'show what apply would change, field by field, and write nothing',
    load: async (command, { console, version, finish }) =>
      (await import('./commands/dry-run.js')).addDryRun(command, console, version, finish),
  },
  {
    name: 'apply',
    description: 'create and update customers; shows the totals and asks first',
    load: async (command, { console, version, finish }) =>
      (await import('./commands/apply.js')).addApply(command, console, version, finish),
  },
  {
    name: 'run',
    description: 'run jobs of customer-sync.yaml once: send what changed since the last run',
    load: async (command, { console, version, finish }) =>
      (await import('./commands/run.js')).addRun(command, console, version, finish),
  },
  {
    name: 'serve',
    description: 'run all jobs on their schedules, until SIGTERM or Ctrl-C',
    load: async (command, { console, version, finish }) =>
      (await import('./commands/serve.js')).addServe(command, console, version, finish),
  },
  {
    name: 'status',
    description: 'the last runs of each job, per connection',
    load: async (command, { console, version }) =>
      (await import('./commands/status.js')).addStatus(command, console, version),
  },
  {
    name: 'failures',
    description: 'every customer that is not in its wanted state, why, and what to do',
    load: async (command, { console, version }) =>
      (await import('./commands/failures.js')).addFailures(command, console, version),
  },
  {
    name: 'retry',
    description: 'try failed customers again now, as the source has them now',
    load: async (command, { console, version, finish }) =>
      (await import('./commands/retry.js')).addRetry(command, console, version, finish),
  },
  {
    name: 'history',
    description: 'what was done to one customer, when, and which fields changed',
    load: async (command, { console, version }) =>
      (await import('./commands/history.js')).addHistory(command, console, version),
  },
  {
    name: 'link',
    description: "tell the ledger which of a provider's records is which customer of yours",
    load: async (command, { console, version }) =>
      (await import('./commands/link.js')).addLink(command, console, version),
  },
  {
    name: 'ledger',
    description: 'the memory of what was sent',
    load: async (command, { console, version }) =>
      (await import('./commands/ledger.js')).addLedger(command, console, version),
  },
  {
    name: 'lint',
    description: 'check mappings, overlays and source mappings; with nothing named, the mappings that are shipped',
    load: async (command, { console, finish }) =>
      (await import('./commands/lint.js')).addLint(command, console, finish),
  },
  {
    name: 'explain',
    description: 'why one customer becomes what it becomes: rule, source, each transform, policy, final value',
    load: async (command, { console }) => (await import('./commands/explain.js')).addExplain(command, console),
  },
  {
    name: 'providers',
    description: 'what each provider supports, cannot clear, its limits and effects',
    load: async (command, { console }) => (await import('./commands/providers.js')).addProviders(command, console),
  },
  {
    name: 'nango',
    description: 'put the actions and syncs into a Nango project',
    load: async (command, { console }) => (await import('./commands/nango.js')).addNango(command, console),
  },
  {
    name: 'emulate',
    description: 'run stand-ins for the providers on this machine until Ctrl-C',
    load: async (command, { console, finish }) =>
      (await import('./commands/emulate.js')).addEmulate(command, console, finish),
  },
  {
    name: 'demo',
    description: 'the whole way with stand-ins for the providers: no account, no network',
    load: async (command, { console }) => (await import('./commands/demo.js')).addDemo(command, console),
  },
  {
    name: 'new-provider',
    description: 'begin another provider, in a clone of this project: every file, with tests that say what to fill in',
    load: async (command, { console }) => (await import('./commands/new-provider.js')).addNewProvider(command, console),
  },
  {
    name: 'help',
    description: 'how a command is used, or what a code means and what to do about it',
    load: async (command, { console }) => (await import('./commands/help.js')).addHelp(command, console),
  },
];
