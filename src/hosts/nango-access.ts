/** How to reach a Nango environment. Apart from the client, whose types would come along to whoever uses ours. */
export interface NangoAccess {
  /** Key of the environment. */
  readonly secretKey: string;
  /** Default: Nango's cloud. */
  readonly nangoUrl?: string | undefined;
  /** Whether plain http is accepted within one's own network. Default: no. */
  readonly allowHttp?: boolean | undefined;
  /** For a whole answer, in milliseconds. Nango's client has no limit of its own. Default: 60 s. */
  readonly timeoutMs?: number | undefined;
}
