import type { Report } from './report.js';
import { safeJson } from './values.js';

/** For machines: one JSON document, written as it comes so that a long run needs no memory. */
export function createJsonReport(): Report {
  let isFirst = true;
  return {
    head: ({ mode, source, offline, targets }) => {
      const head = {
        mode,
        source,
        offline,
        targets: targets.map(({ connection, account, notes }) => ({
          to: connection.name,
          base_url: account.baseUrl,
          environment: account.environment,
          key: account.key,
          ...(account.nango !== undefined && {
            via: account.nango.via,
            integration: account.nango.integration,
            connection_id: account.nango.connectionId,
          }),
          ...(notes.length > 0 && { notes }),
        })),
      };
      return `${safeJson(head).slice(0, -1)},"results":[\n`;
    },
    row({ row, results }) {
      const lines = results.map((result) => {
        const body = result.kind === 'plan' ? { plan: result.plan } : { outcome: result.outcome };
        return safeJson({ ...(row.at !== undefined && { at: row.at }), ...body });
      });
      const text = lines.map((line, index) => (isFirst && index === 0 ? line : `,\n${line}`)).join('');
      isFirst &&= lines.length === 0;
      return text;
    },
    foot: (summary) => `\n],"summary":${safeJson(summary)}}\n`,
  };
}
