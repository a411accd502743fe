import { type Category, DescribeInsightCommand, paginateListInsights } from "@aws-sdk/client-eks";
import { allowOptionally, ofCluster } from "../aws/permissions.ts";
import type { Action } from "../engine/kind.ts";
import { optionally } from "./optional.ts";
import type { Session } from "./session.ts";

export const seeingInsights: readonly Action[] = allowOptionally(
  "`upgrade cluster` does not show what EKS's insights report",
  ["eks:ListInsights", "eks:DescribeInsight"],
  ofCluster("cluster"),
);

/**
 * What EKS's insights report against moving a cluster to these versions, errors first, each in one line (EKS ListInsights,
 * DescribeInsight). EKS looks once a day.
 */
export async function troublesWith(
  session: Session,
  cluster: string,
  category: Category,
  versions: readonly string[],
): Promise<readonly string[]> {
  const { eks } = session.clients;
  const ifAllowed = optionally(session, "upgrade insights are not shown");
  const troubles = await ifAllowed(async () => {
    const ids: string[] = [];
    const filter = {
      categories: [category],
      kubernetesVersions: [...versions],
      statuses: ["ERROR" as const, "WARNING" as const],
    };
    for await (const { insights } of paginateListInsights({ client: eks }, { clusterName: cluster, filter }))
      ids.push(...(insights ?? []).flatMap(({ id }) => id ?? []));
    const found = await Promise.all(
      ids.map((id) => eks.send(new DescribeInsightCommand({ clusterName: cluster, id }))),
    );
    return found.map(({ insight: { name, kubernetesVersion, insightStatus, recommendation } = {} }) => {
      const said = [insightStatus?.reason, recommendation].filter(Boolean).join(" ");
      return `${insightStatus?.status} for ${kubernetesVersion}, ${name}: ${said}`;
    });
  });
  return troubles?.toSorted() ?? [];
}
