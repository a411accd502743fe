import type * as Iam from "@aws-sdk/client-iam";
import { sandboxUser } from "../../credentials.ts";
import type { Call, Checked } from "../../service.ts";
import { alreadyExists, noSuchEntity, validationError } from "./errors.ts";
import { identityOf } from "./internal.ts";
import { checkName, checkedPath } from "./names.ts";
import type { UserRecord } from "./state.ts";
import { withTags } from "./tags.ts";

/** Users exist to be named as principals. The one that the sandbox's own key belongs to is always there. */
export const userHandlers = {
  CreateUser(input: Checked<Iam.CreateUserRequest>, { world, partition, account }: Call): Iam.CreateUserResponse {
    const { users } = world.state.iam;
    checkName("userName", input.UserName, 64);
    const path = checkedPath(input.Path);
    if (input.UserName === sandboxUser.name || Object.hasOwn(users, input.UserName)) {
      throw alreadyExists(`User with name ${input.UserName} already exists.`);
    }
    const user: UserRecord = {
      name: input.UserName,
      path,
      arn: `arn:${partition}:iam::${account}:user${path}${input.UserName}`,
      id: `AIDA${world.hex(17).toUpperCase()}`,
      createdAt: world.now(),
      tags: withTags([], input.Tags),
    };
    users[user.name] = user;
    return { User: userView(user) };
  },

  GetUser(input: Iam.GetUserRequest, { world, principal, partition, account }: Call): Iam.GetUserResponse {
    const name = input.UserName ?? identityOf(world, principal).userName;
    if (name === undefined) throw validationError("Must specify userName when calling with non-User credentials");
    if (name === sandboxUser.name) {
      const { id } = sandboxUser;
      const arn = `arn:${partition}:iam::${account}:user/${name}`;
      return { User: userView({ name, id, path: "/", arn, createdAt: 0, tags: [] }) };
    }
    const user = Object.hasOwn(world.state.iam.users, name) ? world.state.iam.users[name] : undefined;
    if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`);
    return { User: userView(user) };
  },

  DeleteUser(input: Checked<Iam.DeleteUserRequest>, { world }: Call): void {
    if (!Object.hasOwn(world.state.iam.users, input.UserName)) {
      throw noSuchEntity(`The user with name ${input.UserName} cannot be found.`);
    }
    delete world.state.iam.users[input.UserName];
  },
};

function userView(user: UserRecord): Iam.User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    ...(user.tags.length > 0 && { Tags: user.tags }),
  };
}
