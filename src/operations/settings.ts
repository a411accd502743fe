import type { ClusterConfig } from "../config/types.ts";
import type { RunResult } from "../engine/index.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import { cut, preparedCut } from "./cut.ts";
import { locked } from "./lock/locked.ts";
import { type Timings, timingsOf } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import { proposalOf } from "./propose.ts";
import type { Session } from "./session.ts";

/** Something of a cluster that can be set by itself. */
interface Setting {
  /** As "the logging". */
  readonly title: string;
  /** The aspects that it is made of, by the logical id of their thing, or by its start with a slash at the end. Empty: all of it. */
  readonly aspects: Readonly<Record<string, readonly string[]>>;
  /** What whoever changes it ought to know. */
  readonly information?: readonly string[];
}

export const settings = {
  authenticationMode: {
    title: "authentication mode",
    aspects: { cluster: ["authenticationMode"] },
    information: [
      "EKS never takes it back",
      "with API, nobody is let in by the ConfigMap aws-auth any more, nodes included: `ekstool get iamidentitymapping` lists who is",
    ],
  },
  autoMode: {
    title: "EKS Auto Mode",
    aspects: {
      "role/cluster": [],
      "role/auto-mode-node": [],
      cluster: ["autoMode", "autoModeNodePools", "autoModeNodeRole", "subnets", "possibleSubnets"],
    },
  },
  componentSettings: {
    title: "settings of control plane components",
    aspects: { cluster: ["eventTtl", "serviceNodePortRange", "scoringStrategy", "horizontalPodAutoscalerSyncPeriod"] },
  },
  logging: { title: "logging", aspects: { "log-group": [], cluster: ["logging"] } },
  publicSubnets: { title: "public subnets", aspects: { "subnet/public/": ["publicAddresses"] } },
  secretsEncryption: { title: "encryption of secrets", aspects: { cluster: ["secretsEncryptionKey"] } },
  vpcConfig: {
    title: "network of the control plane",
    aspects: {
      cluster: [
        "endpointPublicAccess",
        "endpointPrivateAccess",
        "publicAccessCidrs",
        "subnets",
        "possibleSubnets",
        "securityGroups",
        "egressMode",
      ],
    },
  },
  zonalShift: { title: "zonal shift", aspects: { cluster: ["zonalShift"] } },
} as const satisfies Readonly<Record<string, Setting>>;

export interface ChangedSetting {
  readonly cluster: string;
  readonly region: string;
  readonly changed: readonly Pick<PlanItem["changes"][number], "aspect" | "from" | "to">[];
  readonly timings: Timings;
}

export interface SettingChange {
  readonly setting: keyof typeof settings;
  /** Aspects that are left as they are: a config that is made of options does not speak of them. */
  readonly leaves?: readonly string[];
  /** What is left to do where all went well, before the lock is given back. */
  readonly finish?: (session: Session, cluster: string) => Promise<void>;
}

/**
 * Brings one setting of a cluster in line with a ClusterConfig, and nothing else of it.
 *
 * @throws RefusedError when the cluster is not there, or is not ours.
 */
export function proposeSetting(
  session: Session,
  config: ClusterConfig,
  change: SettingChange,
): Promise<Proposal<ChangedSetting>> {
  return locked({ session, propose: () => settingProposal(session, config, change) });
}

async function settingProposal(
  session: Session,
  config: ClusterConfig,
  { setting, leaves = [], finish }: SettingChange,
): Promise<Proposal<ChangedSetting>> {
  const { title, aspects, information = [] }: Setting = settings[setting];
  const aspectsOf = (id: string) =>
    Object.entries(aspects).find(([name]) => (name.endsWith("/") ? id.startsWith(name) : id === name))?.[1];
  const prepared = await preparedCut(session, config);
  const { engine, owner, facts } = prepared;
  const { items, changes } = await cut(prepared, "apply", {
    isOwn: (id) => aspectsOf(id) !== undefined,
    sees(id, aspect) {
      const seen = aspectsOf(id) ?? [];
      return (seen.length === 0 || seen.includes(aspect)) && !leaves.includes(aspect);
    },
    readsOnlyItself: true,
  });
  const about = {
    title: `update ${title} of cluster ${owner.cluster}`,
    owner,
    caller: facts.caller,
    items,
    information: items.every(({ verb }) => verb === "keep") ? [] : information,
    owned: true,
    readOnly: false,
  };
  return proposalOf(engine, changes, about, async (result: RunResult) => {
    if (result.outcome === "done") await finish?.(session, owner.cluster);
    return { ...owner, changed: items.flatMap(changesOf), timings: timingsOf(result) };
  });
}

function changesOf({ changes }: PlanItem): ChangedSetting["changed"] {
  return changes.map(({ aspect, from, to }) => ({ aspect, from, to }));
}
