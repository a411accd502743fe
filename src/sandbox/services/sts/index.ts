import type { GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import { sandboxUser } from "../../credentials.ts";
import type { Call, Service } from "../../service.ts";

export const stsService: Service = {
  name: "sts",
  handlers: {
    GetCallerIdentity(_: object, { account, principal }: Call): GetCallerIdentityResponse {
      return { UserId: sandboxUser.id, Account: account, Arn: principal };
    },
  },
};
