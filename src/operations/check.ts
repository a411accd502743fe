import { DescribeAddonConfigurationCommand } from "@aws-sdk/client-eks";
import type { AwsContext } from "../aws/context.ts";
import type { Clients } from "../aws/clients.ts";
import { configurationProblems } from "../config/configuration-values.ts";
import { withDefaults } from "../config/defaults.ts";
import type { Finding } from "../config/problems.ts";
import type { Addon, ClusterConfig } from "../config/types.ts";
import type { Graph } from "../engine/graph.ts";
import { InputError } from "../errors.ts";
import { gatherFacts } from "../facts/gather.ts";
import { needsOf } from "../facts/needs.ts";
import type { Facts } from "../facts/types.ts";
import { buildTopology } from "../topology/index.ts";
import type { Path } from "../yaml.ts";
import { givenAnswers, givenSubjects } from "./given-check.ts";
import { withKeyFiles } from "./key-files.ts";
import { placeInFile } from "./place-in-file.ts";
import type { Session } from "./session.ts";

/** What a file says that only AWS can judge, in words. */
export interface Question {
  readonly question: string;
  /** `checkWithAws` asks it. */
  readonly asked: boolean;
}

/** What is left open by a judgement without AWS. */
export function openQuestions(config: ClusterConfig): readonly Question[] {
  const full = withDefaults(config);
  const { metadata, availabilityZones = [], localZones = [] } = full;
  const needs = needsOf(full);
  const configured = full.addons.filter((addon) => addon.configurationValues !== undefined).map(({ name }) => name);
  const asked: readonly (readonly [subjects: readonly string[], question: string])[] = [
    [[`Kubernetes ${metadata.version ?? "default"}`], "whether EKS offers it"],
    [availabilityZones, `whether they are zones of ${metadata.region} that can host a cluster`],
    [localZones, `whether they are Local Zones of ${metadata.region}, and the account has opted in to them`],
    [needs.instanceTypes, `whether ${metadata.region} offers them and where, their architecture, their accelerators`],
    [needs.addons.map(({ name }) => name), "which versions there are for the Kubernetes version"],
    [configured, "whether their configurationValues fit the schema of their version"],
    [needs.images, "whether they are there and fit the instance types and disks"],
    [givenSubjects(config), "whether they exist, and are fit for what they are named for"],
  ];
  const open = unasked(config);
  return [
    ...asked
      .filter(([subjects]) => subjects.length > 0)
      .map(([subjects, question]) => ({ question: `${subjects.join(", ")}: ${question}`, asked: true })),
    ...(open.length > 0 ? [{ question: `${open.join(", ")}: whether they exist`, asked: false }] : []),
  ];
}

/** What a file names, and nobody looks for before it is used. */
function unasked(config: ClusterConfig): readonly string[] {
  const { vpc, remoteNetworkConfig, capabilities = [], nodeGroups = [], managedNodeGroups = [] } = config;
  const ofGroups = [...nodeGroups, ...managedNodeGroups].flatMap(({ additionalVolumes = [], capacityReservation }) => {
    const { capacityReservationID, capacityReservationResourceGroupARN } =
      capacityReservation?.capacityReservationTarget ?? {};
    return [
      ...additionalVolumes.map(({ snapshotID }) => snapshotID),
      capacityReservationID,
      capacityReservationResourceGroupARN,
    ];
  });
  const named = [
    vpc?.ipv6Pool,
    remoteNetworkConfig?.vpcGatewayID,
    ...capabilities.flatMap(({ configuration }) => [
      configuration?.argocd?.awsIdc.idcInstanceArn,
      ...(configuration?.argocd?.networkAccess?.vpceIds ?? []),
    ]),
    ...ofGroups,
  ];
  return [...new Set(named.filter((one) => one !== undefined))];
}

export interface Answers {
  readonly problems: readonly Finding[];
  /** What AWS's answers leave open. */
  readonly unanswered: readonly string[];
}

/**
 * Holds a file against what AWS says of it: versions, zones, instance types, add-ons and their settings, and things that it takes as given. Everything that is
 * wrong is found at once.
 */
export async function checkWithAws(session: Session, file: ClusterConfig): Promise<Answers> {
  const problems: Finding[] = [];
  const unanswered: string[] = [];
  try {
    const config = withKeyFiles(file);
    const given = await givenAnswers(session, config);
    problems.push(...given.problems.map((message) => placeInFile({ message }, config, [])));
    if (given.unseen.length > 0) unanswered.push(`${given.unseen.join(", ")}: whether they exist`);
    const facts = await gatherFacts(needsOf(withDefaults(config)), session.clients);
    for (const part of partsOf(config)) {
      const graph = graphOf(part, facts, config, problems);
      if (!graph || !part.addon) continue;
      const found = await configurationOf(part.addon, graph, session.clients);
      const path = [...part.path, "configurationValues"];
      if (found) problems.push(...found.map((message) => ({ path, at: "value" as const, message })));
      else
        unanswered.push(`${part.addon.name}: whether its configurationValues fit a schema that is not understood here`);
    }
  } catch (error) {
    problems.push(ofError(error, file, []));
  }
  const isFirst = (one: Finding, index: number) =>
    problems.findIndex((other) => other.message === one.message) === index;
  return { problems: problems.filter(isFirst), unanswered };
}

interface Part {
  readonly config: ClusterConfig;
  /** Where its one item stands in the file. */
  readonly path: Path;
  readonly addon?: Addon;
}

/** The file without its lists, and with one item of each: each wrong item is found for itself. */
function partsOf(config: ClusterConfig): readonly Part[] {
  const { addons = [], nodeGroups = [], managedNodeGroups = [] } = config;
  const addonsConfig = { ...config.addonsConfig, disableDefaultAddons: true };
  const bare = { ...config, addonsConfig, addons: [], nodeGroups: [], managedNodeGroups: [] };
  return [
    { config: bare, path: [] },
    ...addons.map((addon, index) => ({
      config: { ...bare, addons: [addon] },
      path: ["addons", index],
      addon,
    })),
    ...nodeGroups.map((group, index) => ({ config: { ...bare, nodeGroups: [group] }, path: ["nodeGroups", index] })),
    ...managedNodeGroups.map((group, index) => ({
      config: { ...bare, managedNodeGroups: [group] },
      path: ["managedNodeGroups", index],
    })),
  ];
}

function graphOf(part: Part, facts: Facts, file: ClusterConfig, found: Finding[]): Graph<AwsContext> | undefined {
  try {
    return buildTopology(part.config, facts);
  } catch (error) {
    found.push(ofError(error, file, part.path));
    return undefined;
  }
}

/** What the schema of the add-on's version (EKS DescribeAddonConfiguration) says of its settings; undefined: nothing. */
async function configurationOf(
  { name, configurationValues }: Addon,
  graph: Graph<AwsContext>,
  { eks }: Clients,
): Promise<readonly string[] | undefined> {
  const node = graph.nodes.get(`addon/${name}`);
  if (configurationValues === undefined || node?.source !== "managed") return [];
  const { version: addonVersion } = { ...(node.spec as object), ...node.initially } as { readonly version: string };
  const described = await eks.send(new DescribeAddonConfigurationCommand({ addonName: name, addonVersion }));
  return configurationProblems(configurationValues, described.configurationSchema ?? "{}")?.map(
    (problem) => `the configurationValues of ${name} do not fit ${addonVersion}: ${problem}`,
  );
}

function ofError(error: unknown, file: ClusterConfig, part: Path): Finding {
  if (!(error instanceof InputError)) throw error;
  const { message, hint } = error;
  return placeInFile({ message, ...(hint === undefined ? {} : { hint }) }, file, part);
}
