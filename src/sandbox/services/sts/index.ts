import type { GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import type { Call, Service } from "../../service.ts";
import { identityOf } from "../iam/internal.ts";

export const stsService: Service = {
  name: "sts",
  handlers: {
    GetCallerIdentity(_: object, { world, account, principal }: Call): GetCallerIdentityResponse {
      return { UserId: identityOf(world, principal).userId, Account: account, Arn: principal };
    },
  },
};
