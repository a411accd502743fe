import { DeleteParametersCommand, PutParameterCommand, paginateGetParametersByPath } from "@aws-sdk/client-ssm";
import { collect } from "../../aws/answers.ts";
import type { Clients } from "../../aws/clients.ts";
import type { Owner } from "../../aws/context.ts";
import { describeAwsError } from "../../aws/errors.ts";
import { lockPath } from "../../aws/names.ts";
import { allowOptionally, allowWhen, lockParameters as where } from "../../aws/permissions.ts";
import { ownershipTags, tagList } from "../../aws/tags.ts";
import { type Holder, type LockParameter, formatHolder, parseHolder } from "./holder.ts";

/** What keeping a lock takes. */
export const keepingLock = allowOptionally(
  "nothing keeps another run from working on the cluster at the same time",
  ["ssm:GetParametersByPath", "ssm:PutParameter", "ssm:AddTagsToResource", "ssm:DeleteParameters"],
  where,
);

/** What keeping one takes where nothing may be left in the end. */
export const keepingLastLock = [
  ...keepingLock,
  ...allowWhen("the lock was taken: it goes with the cluster", "ssm:DeleteParameters", where),
];

/** SSM's limit for one request. */
const namesPerRequest = 10;

/** The parameters of one cluster's lock. */
export interface LockParameters {
  /** Lowest number first. */
  list(): Promise<readonly LockParameter[]>;
  /** Makes one; false when there is one of this number already. */
  create(number: number, holder: Holder): Promise<boolean>;
  /** Writes one anew; false when it was gone, and is made again by this. */
  renew(number: number, holder: Holder): Promise<boolean>;
  /** Those that are gone already are fine. */
  remove(numbers: readonly number[]): Promise<void>;
}

export function lockParameters({ ssm }: Pick<Clients, "ssm">, owner: Owner): LockParameters {
  const path = lockPath(owner);
  const nameOf = (number: number) => `${path}/${number}`;
  return {
    async list() {
      const found = await collect(
        paginateGetParametersByPath({ client: ssm }, { Path: path }),
        (page) => page.Parameters,
      );
      return found
        .flatMap(({ Name = "", Value = "", LastModifiedDate }): LockParameter[] => {
          const number = /^\d{1,9}$/.exec(Name.slice(path.length + 1))?.[0];
          if (number === undefined) return [];
          const writtenAt = LastModifiedDate?.getTime() ?? 0;
          return [{ name: Name, number: Number(number), holder: parseHolder(Value), writtenAt }];
        })
        .toSorted((a, b) => a.number - b.number);
    },
    async create(number, holder) {
      const parameter = { Name: nameOf(number), Value: formatHolder(holder), Type: "String" } as const;
      try {
        await ssm.send(new PutParameterCommand({ ...parameter, Tags: tagList(ownershipTags(owner, "lock")) }));
        return true;
      } catch (error) {
        if (describeAwsError(error).code === "ParameterAlreadyExists") return false;
        throw error;
      }
    },
    async renew(number, holder) {
      const parameter = { Name: nameOf(number), Value: formatHolder(holder), Type: "String" } as const;
      const { Version } = await ssm.send(new PutParameterCommand({ ...parameter, Overwrite: true }));
      return Version !== 1;
    },
    async remove(numbers) {
      for (let from = 0; from < numbers.length; from += namesPerRequest) {
        const Names = numbers.slice(from, from + namesPerRequest).map(nameOf);
        await ssm.send(new DeleteParametersCommand({ Names }));
      }
    },
  };
}
