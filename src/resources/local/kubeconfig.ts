export interface KubeconfigSpec {
  /** `<iam name>@<cluster>.<region>.eksctl.io`. */
  readonly context: string;
  /** The file to write; absent: the first of the context's kubeconfig list (or the one that holds the entry already). */
  readonly path?: string;
  /** Makes it the current context. */
  readonly setCurrent: boolean;
  /** The exec plugin that gets a token. */
  readonly exec: {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
}
export interface KubeconfigDeps {
  readonly cluster: { readonly name: string; readonly endpoint: string; readonly certificateAuthority: string };
}
export interface KubeconfigAttrs {
  readonly path: string;
  readonly context: string;
  readonly endpoint: string;
  readonly certificateAuthority: string;
  readonly current: boolean;
  readonly exec: KubeconfigSpec["exec"];
}
