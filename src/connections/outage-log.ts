import type { LogEntry } from '../core/http/host.js';

/** @param to the connection that it is about */
export type Tell = (message: string, to?: string) => void;

/** Tells people that a provider is away and that it is back; what else a host logs is for nobody yet. */
export function outageLog(connection: string, tell: Tell = () => {}): (entry: LogEntry) => void {
  return ({ event, reason, waitMs = 0 }) => {
    if (event === 'resume') tell(`${connection}: answers again`, connection);
    if (event !== 'pause') return;
    tell(`${connection}: ${reason}; waiting, next try in ${Math.round(waitMs / 1000)} s`, connection);
  };
}
