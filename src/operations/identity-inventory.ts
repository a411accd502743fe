import type { Live } from "../engine/kind.ts";
import { type AccessEntryAttrs } from "../resources/eks/access-entry.ts";
import { everyAccessEntry } from "../resources/eks/access-entry-document.ts";
import { type IdentityProviderConfigAttrs, identityProviderConfig } from "../resources/eks/identity-provider-config.ts";
import { type PodIdentityAssociationAttrs, everyAssociation } from "../resources/eks/pod-identity-association.ts";
import { type OidcProviderAttrs, oidcProvider } from "../resources/iam/oidc-provider.ts";
import { role as roleKind } from "../resources/iam/role.ts";
import { serviceAccount as serviceAccountKind } from "../resources/kube/service-account.ts";
import { UnobservableError } from "../engine/kind.ts";
import { findCluster } from "./inventory.ts";
import { serviceAccounts } from "./parts.ts";
import { type Session, contextOf } from "./session.ts";

interface Listed {
  /** What people know it by. */
  readonly name: string;
  readonly status: Live<unknown>["phase"];
  readonly detail?: string;
  /** Made by ekstool. */
  readonly owned: boolean;
}

function listed<Attrs>({ attrs, phase, detail, owner }: Live<Attrs>, name: string): Attrs & Listed {
  return {
    ...attrs,
    name,
    status: phase,
    ...(detail === undefined ? {} : { detail }),
    owned: owner === "us",
  };
}

function inOrder<Thing extends Listed>(things: readonly Thing[]): readonly Thing[] {
  return things.toSorted((a, b) => a.name.localeCompare(b.name));
}

export type ListedIdentityProvider = IdentityProviderConfigAttrs & Listed;

/**
 * The identity providers of a cluster, whoever made them.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function listIdentityProviders(
  session: Session,
  cluster: string,
): Promise<readonly ListedIdentityProvider[]> {
  await findCluster(session, cluster);
  const found = await identityProviderConfig.list(await contextOf(session, cluster), undefined);
  return inOrder(found.map((live) => listed(live, live.attrs.name)));
}

export type ListedOidcProvider = OidcProviderAttrs & Listed;

/** IAM's provider of a cluster's issuer, if ekstool made it. */
export async function listOidcProviders(session: Session, cluster: string): Promise<readonly ListedOidcProvider[]> {
  const found = await oidcProvider.list(await contextOf(session, cluster), undefined);
  return found.map((live) => listed(live, live.id));
}

export type ListedAccessEntry = AccessEntryAttrs & Listed;

/**
 * The access entries of a cluster, those that EKS made included.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function listAccessEntries(session: Session, cluster: string): Promise<readonly ListedAccessEntry[]> {
  await findCluster(session, cluster);
  const found = await everyAccessEntry(await contextOf(session, cluster));
  return inOrder(found.map((live) => listed(live, live.ref)));
}

export type ListedAssociation = PodIdentityAssociationAttrs & Listed & { readonly associationId: string };

/**
 * The pod identity associations of a cluster, those of add-ons included.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function listPodIdentityAssociations(
  session: Session,
  cluster: string,
): Promise<readonly ListedAssociation[]> {
  await findCluster(session, cluster);
  const found = await everyAssociation(await contextOf(session, cluster));
  return inOrder(
    found.map((live) => ({
      ...listed(live, `${live.attrs.namespace}/${live.attrs.serviceAccount}`),
      associationId: live.ref,
    })),
  );
}

export interface ListedServiceAccount {
  /** `<namespace>/<name>`. */
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Of IAM; null for one that carries none. */
  readonly roleArn: string | null;
}

const roleAnnotation = "eks.amazonaws.com/role-arn";

/**
 * The service accounts that ekstool made, or has made a role for. Where the Kubernetes API cannot be used from here, only the latter.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function listServiceAccounts(session: Session, cluster: string): Promise<readonly ListedServiceAccount[]> {
  await findCluster(session, cluster);
  const ctx = await contextOf(session, cluster);
  const [roles, accounts] = await Promise.all([
    roleKind.list(ctx, undefined),
    serviceAccountKind.list(ctx, undefined).catch((error: unknown) => {
      if (error instanceof UnobservableError) return [];
      throw error;
    }),
  ]);
  const found = new Map<string, string | null>([
    ...accounts.map(({ ref, attrs }) => [ref, attrs.annotations[roleAnnotation] ?? null] as const),
    ...roles.flatMap(({ id, ref, attrs }) => {
      const name = serviceAccounts.named(id, ref);
      return name === undefined ? [] : [[name, attrs.arn] as const];
    }),
  ]);
  return [...found]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, roleArn]) => {
      const [namespace = "", serviceAccount = ""] = name.split("/");
      return { name, namespace, serviceAccount, roleArn };
    });
}
