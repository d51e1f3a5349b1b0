import type { LogEntry } from '../core/http/host.js';

/** Tells people that a provider is away and that it is back; what else a host logs is for nobody yet. */
export function outageLog(connection: string, tell: (message: string) => void = () => {}): (entry: LogEntry) => void {
  return ({ event, reason, waitMs = 0 }) => {
    if (event === 'resume') tell(`${connection}: answers again`);
    if (event === 'pause') tell(`${connection}: ${reason}; waiting, next try in ${Math.round(waitMs / 1000)} s`);
  };
}
