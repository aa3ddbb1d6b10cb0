/** What a user shows to the API server beside the kubeconfig's own certificate. */
export interface Credential {
  readonly token: string | undefined;
  /** PEM. */
  readonly certificate?: string | undefined;
  /** PEM. */
  readonly key?: string | undefined;
  /** When it has to be had anew, in milliseconds as Date.now(). */
  readonly until: number;
}
