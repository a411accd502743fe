import { fill, type PermissionScope } from "../aws/permissions.ts";
import { partitionOf } from "../aws/partition.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Action, Need } from "../engine/kind.ts";
import { neededActions } from "./needed-actions.ts";
import type { Purpose } from "./purposes.ts";

/** An action on one resource, or pattern of some, with all that needs it. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  readonly condition?: Condition;
  readonly need: Need;
  /** The cases of a conditional one, what an optional one is good for, what else than the call itself needs it. */
  readonly reasons: readonly string[];
}

type Condition = NonNullable<Action["condition"]>;

export interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** What a principal needs for a purpose. */
export interface IamPolicy {
  readonly permissions: readonly Permission[];
  /** As few as IAM's limit allows; a principal needs all of them. */
  readonly documents: readonly PolicyDocument[];
}

export interface PolicyOptions {
  /** Twelve digits, or `*` for any. */
  readonly account: string;
  readonly purposes: readonly Purpose[];
  /** Also what the tool can go on without. */
  readonly optional: boolean;
}

/** The permissions that a cluster's file takes, and the policies that give them. Pure: AWS is not asked. */
export function iamPolicy(config: ClusterConfig, options: PolicyOptions): IamPolicy {
  const { region, name } = config.metadata;
  const scope = { owner: { region, cluster: name }, account: options.account, partition: partitionOf(region) };
  const all = permissions(neededActions(config, options.account, options.purposes), scope);
  const wanted = all.filter(({ need }) => options.optional || need !== "optional");
  return { permissions: wanted, documents: policyDocuments(wanted) };
}

const weights: Readonly<Record<Need, number>> = { optional: 0, conditional: 1, required: 2 };

/** Each action on each resource once, as needed as whatever needs it most, in order. */
function permissions(actions: readonly Action[], scope: PermissionScope): readonly Permission[] {
  const found = new Map<string, Permission>();
  for (const one of actions) {
    for (const pattern of one.resources) {
      const resource = fill(pattern, scope);
      const condition = one.condition && filled(one.condition, scope);
      const key = JSON.stringify([one.action, resource, condition]);
      const before = found.get(key);
      const need = before && weights[before.need] >= weights[one.need] ? before.need : one.need;
      const kept = before?.need === need ? before.reasons : [];
      const added = one.need === need && one.reason !== undefined ? [one.reason] : [];
      found.set(key, {
        action: one.action,
        resource,
        ...(condition === undefined ? {} : { condition }),
        need,
        reasons: [...new Set([...kept, ...added])],
      });
    }
  }
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, permission]) => permission);
}

function filled(condition: Condition, scope: PermissionScope): Condition {
  const entries = Object.entries(condition).map(([operator, keys]) => [
    operator,
    Object.fromEntries(
      Object.entries(keys).map(([key, values]) => [fill(key, scope), values.map((value) => fill(value, scope))]),
    ),
  ]);
  return Object.fromEntries(entries) as Condition;
}

/** IAM's limit for a managed policy, in characters that are not white space (IAM quotas). */
const maxPolicySize = 6144;

/** As few statements as say the same, in as few documents as IAM takes. */
export function policyDocuments(all: readonly Permission[]): readonly PolicyDocument[] {
  const documents: PolicyDocument[] = [];
  let statements: Statement[] = [];
  for (const statement of statementsOf(all)) {
    const grown = document([...statements, statement]);
    if (statements.length > 0 && size(grown) > maxPolicySize) {
      documents.push(document(statements));
      statements = [];
    }
    statements.push(statement);
  }
  return statements.length === 0 ? documents : [...documents, document(statements)];
}

function document(statements: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** Nothing that a policy says has white space in it. */
function size(policy: PolicyDocument): number {
  return JSON.stringify(policy).length;
}

/** One for all actions that are allowed on the same resources under the same condition. */
function statementsOf(all: readonly Permission[]): readonly Statement[] {
  const anyOf = groups(all, ({ action, resource, condition }) => [action, resource, shapeOf(condition)]).map(joined);
  const byAction = groups(anyOf, ({ action, condition }) => [action, condition]).map(([first, ...others]) => ({
    ...first,
    resources: [first, ...others].map(({ resource }) => resource).toSorted(),
  }));
  return groups(byAction, ({ resources, condition }) => [resources, condition]).map(([first, ...others]) => ({
    Effect: "Allow",
    Action: [first, ...others].map(({ action }) => action).toSorted(),
    Resource: first.resources,
    ...(first.condition === undefined ? {} : { Condition: first.condition }),
  }));
}

/** A condition without its values, where one key is all that it asks for: its values are alternatives. */
function shapeOf(condition: Condition | undefined): unknown {
  const keys = Object.entries(condition ?? {}).map(([operator, tested]) => [operator, Object.keys(tested)]);
  return keys.flat(2).length === 2 ? keys : condition;
}

/** Those of one shape as one, with all their values. */
function joined([first, ...others]: readonly [Permission, ...Permission[]]): Permission {
  const [[operator, keys] = []] = Object.entries(first.condition ?? {});
  const [key] = Object.keys(keys ?? {});
  if (others.length === 0 || operator === undefined || key === undefined) return first;
  const values = [first, ...others].flatMap(({ condition }) => condition?.[operator]?.[key] ?? []);
  return { ...first, condition: { [operator]: { [key]: [...new Set(values)].toSorted() } } };
}

/** In the order in which the first of each group comes. */
function groups<T>(all: readonly T[], keyOf: (one: T) => unknown): readonly (readonly [T, ...T[]])[] {
  const found = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const key = JSON.stringify(keyOf(one));
    const group = found.get(key);
    if (group) group.push(one);
    else found.set(key, [one]);
  }
  return [...found.values()];
}
