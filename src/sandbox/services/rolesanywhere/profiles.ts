import type { Call } from "../../service.ts";
import { existing, type Made, type Named, named, recordOf, rolesAnywhereOf } from "./place.ts";
import type { ProfileRecord } from "./state.ts";

interface Settings {
  readonly name: string;
  readonly roleArns: string[];
  readonly acceptRoleSessionName: boolean;
}
interface Making extends Settings {
  readonly enabled: boolean;
  readonly tags: Record<string, string>;
}

export const profileHandlers = {
  CreateProfile(input: Making, call: Call): Made {
    const { roleArns, acceptRoleSessionName } = input;
    const record = { ...recordOf(call, "profile", input), roleArns, acceptRoleSessionName };
    rolesAnywhereOf(call).profiles[record.id] = record;
    return record;
  },
  GetProfile: ({ id }: Named, call: Call) => profile(id, call),
  UpdateProfile({ id, name, roleArns, acceptRoleSessionName }: Settings & Named, call: Call) {
    Object.assign(profile(id, call), named(name), { roleArns, acceptRoleSessionName });
  },
  DeleteProfile({ id }: Named, call: Call) {
    delete rolesAnywhereOf(call).profiles[profile(id, call).id];
  },
};

function profile(id: string, call: Call): ProfileRecord {
  return existing(rolesAnywhereOf(call).profiles, id, "Profile");
}
