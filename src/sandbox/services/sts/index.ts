import type {
  DecodeAuthorizationMessageRequest,
  DecodeAuthorizationMessageResponse,
  GetCallerIdentityResponse,
} from "@aws-sdk/client-sts";
import { AwsError } from "../../aws-error.ts";
import type { Call, Checked, Service } from "../../service.ts";
import { identityOf } from "../iam/internal.ts";

export const stsService: Service = {
  name: "sts",
  handlers: {
    GetCallerIdentity(_: object, { world, account, principal }: Call): GetCallerIdentityResponse {
      return { UserId: identityOf(world, principal).userId, Account: account, Arn: principal };
    },

    /** What a service of the sandbox has encoded is JSON in base64url. */
    DecodeAuthorizationMessage({
      EncodedMessage,
    }: Checked<DecodeAuthorizationMessageRequest>): DecodeAuthorizationMessageResponse {
      const DecodedMessage = Buffer.from(EncodedMessage, "base64url").toString();
      if (DecodedMessage.startsWith('{"allowed":')) return { DecodedMessage };
      throw new AwsError("InvalidAuthorizationMessageException", "Message is not valid");
    },
  },
};
