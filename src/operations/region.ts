import { STSClient } from "@aws-sdk/client-sts";
import { FailedError } from "../errors.ts";

/**
 * The region that the environment or the profile names, found where every AWS tool finds it.
 *
 * @throws FailedError when none does.
 */
export async function usualRegion(profile: string | undefined): Promise<string> {
  try {
    return await new STSClient(profile === undefined ? {} : { profile }).config.region();
  } catch (error) {
    throw new FailedError("no AWS region is chosen", {
      hint: "use --region, or set AWS_REGION, or a region in the profile",
      cause: error,
    });
  }
}
