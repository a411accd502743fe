import type * as Ssm from "@aws-sdk/client-ssm";
import { AwsError, notSimulated } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { invalid, parameterNotFound } from "./errors.ts";
import { parameterIn } from "./lookup.ts";
import { checkName, checkNewName, parameterArn } from "./names.ts";
import { isPublic, publicParameter } from "./public-parameters.ts";
import type { ParameterRecord } from "./state.ts";
import { newTags } from "./tags.ts";

/** Of the Standard tier, in bytes. */
const maxValueSize = 4096;
/** Names a request, and parameters a page. */
const maxNames = 10;

export const parameterHandlers = {
  PutParameter(input: Checked<Ssm.PutParameterRequest>, call: Call): Ssm.PutParameterResult {
    const { world, region } = call;
    checkSimulated(input);
    checkNewName(input.Name, call);
    checkValue(input.Value);
    const { parameters } = world.region(region).ssm;
    const present = parameterIn(call, input.Name);
    if (input.Overwrite === true && input.Tags !== undefined && input.Tags.length > 0) {
      throw invalid(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    if (present && input.Overwrite !== true) {
      throw new AwsError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    if (!present && input.Type === undefined) {
      throw invalid("A parameter type is required when you create a parameter.");
    }
    const parameter: ParameterRecord = {
      name: input.Name,
      arn: parameterArn(call, input.Name),
      value: input.Value,
      version: (present?.version ?? 0) + 1,
      modifiedAt: world.now(),
      visibleAt: present?.visibleAt ?? world.now() + world.duration("parameterPropagation", input.Name),
      tags: present?.tags ?? newTags({}, input.Tags ?? []),
    };
    const description = input.Description ?? present?.description;
    if (description !== undefined) parameter.description = description;
    parameters[input.Name] = parameter;
    return { Version: parameter.version, Tier: "Standard" };
  },

  GetParameter(input: Checked<Ssm.GetParameterRequest>, call: Call): Ssm.GetParameterResult {
    checkName(input.Name);
    const parameter = visible(call, input.Name);
    if (!parameter) throw parameterNotFound(input.Name);
    return { Parameter: view(parameter) };
  },

  GetParameters(input: Checked<Ssm.GetParametersRequest>, call: Call): Ssm.GetParametersResult {
    checkCount("names", input.Names);
    for (const name of input.Names) checkName(name);
    const found = input.Names.flatMap((name) => visible(call, name) ?? []);
    return {
      Parameters: found.map(view),
      InvalidParameters: input.Names.filter((name) => !visible(call, name)),
    };
  },

  GetParametersByPath(input: Checked<Ssm.GetParametersByPathRequest>, call: Call): Ssm.GetParametersByPathResult {
    if (input.ParameterFilters !== undefined) throw notSimulated("ssm:GetParametersByPath with ParameterFilters");
    const path = checkedPath(input.Path);
    if (input.MaxResults !== undefined && (input.MaxResults < 1 || input.MaxResults > maxNames)) {
      throw invalid(
        `1 validation error detected: Value '${input.MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and ${maxNames}`,
      );
    }
    const isBelow = (name: string) =>
      name.startsWith(path) && (input.Recursive === true || !name.slice(path.length).includes("/"));
    const found = Object.keys(call.world.region(call.region).ssm.parameters)
      .filter(isBelow)
      .toSorted()
      .flatMap((name) => visible(call, name) ?? []);
    const { items, next } = paginate(found, input.NextToken, input.MaxResults, maxNames, "InvalidNextToken");
    return { Parameters: items.map(view), NextToken: next };
  },

  DeleteParameter(input: Checked<Ssm.DeleteParameterRequest>, call: Call): Ssm.DeleteParameterResult {
    checkName(input.Name);
    if (!remove(call, input.Name)) throw parameterNotFound(input.Name);
    return {};
  },

  DeleteParameters(input: Checked<Ssm.DeleteParametersRequest>, call: Call): Ssm.DeleteParametersResult {
    checkCount("names", input.Names);
    for (const name of input.Names) checkName(name);
    const deleted = input.Names.filter((name) => remove(call, name));
    return {
      DeletedParameters: deleted,
      InvalidParameters: input.Names.filter((name) => !deleted.includes(name)),
    };
  },
};

function visible(call: Call, name: string): ParameterRecord | undefined {
  if (isPublic(name)) return publicParameter(call, name);
  const parameter = parameterIn(call, name);
  return parameter && parameter.visibleAt <= call.world.now() ? parameter : undefined;
}

function remove(call: Call, name: string): boolean {
  if (!parameterIn(call, name)) return false;
  delete call.world.region(call.region).ssm.parameters[name];
  return true;
}

function checkSimulated(input: Ssm.PutParameterRequest): void {
  const { Type = "String", Tier = "Standard", DataType = "text", Policies, AllowedPattern, KeyId } = input;
  if (Type !== "String") throw notSimulated(`ssm:PutParameter with Type ${Type}`);
  if (Tier !== "Standard") throw notSimulated(`ssm:PutParameter with Tier ${Tier}`);
  if (DataType !== "text") throw notSimulated(`ssm:PutParameter with DataType ${DataType}`);
  for (const [member, value] of Object.entries({ Policies, AllowedPattern, KeyId })) {
    if (value !== undefined) throw notSimulated(`ssm:PutParameter with ${member}`);
  }
}

function checkValue(value: string): void {
  if (value === "") {
    throw invalid(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (Buffer.byteLength(value) > maxValueSize) {
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${maxValueSize} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
    );
  }
}

function checkCount(member: string, names: readonly string[]): void {
  if (names.length >= 1 && names.length <= maxNames) return;
  throw invalid(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length between 1 and ${maxNames}`,
  );
}

/** The path with a slash at the end. */
function checkedPath(path: string): string {
  if (!path.startsWith("/")) {
    throw invalid(
      'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".',
    );
  }
  const plain = path.replace(/\/$/, "");
  if (plain !== "") checkName(plain);
  return `${plain}/`;
}

function view(parameter: ParameterRecord): Ssm.Parameter {
  return {
    Name: parameter.name,
    Type: "String",
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: new Date(parameter.modifiedAt),
    ARN: parameter.arn,
    DataType: "text",
  };
}
