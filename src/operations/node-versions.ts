import { compareVersions } from "../aws/eks-versions.ts";
import { InputError, RefusedError } from "../errors.ts";

/**
 * Whether nodes can have that Kubernetes version.
 *
 * @param controlPlane the version of the cluster.
 * @throws InputError for what is no version; RefusedError for one that is newer than the control plane.
 */
export function checkNodeVersion(version: string, controlPlane: string): void {
  if (!/^1\.\d{1,3}$/u.test(version)) {
    throw new InputError(`${version} is not a Kubernetes version; write it as ${controlPlane}`);
  }
  if (compareVersions(version, controlPlane) > 0) {
    throw new RefusedError(
      `nodes cannot be newer than the control plane: it has ${controlPlane}, ${version} is asked for`,
      {
        hint: "upgrade the control plane first, with `ekstool upgrade cluster`",
      },
    );
  }
}
