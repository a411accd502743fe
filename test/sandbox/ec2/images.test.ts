import { DescribeImagesCommand, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { account, type Account, clusterWithNodes, refused } from "../eks/account.ts";

async function images({ ec2 }: Account, ...ids: readonly (string | undefined)[]) {
  const ImageIds = ids.map((id) => id ?? "");
  return (await ec2.send(new DescribeImagesCommand({ ImageIds }))).Images;
}

test("images of one's own, and those that makers publish, are described by their ids", async () => {
  const here = await account();
  const id = "ami-0123456789abcdef0";
  here.sandbox.residents({ images: [{ region: here.region, id, instanceType: "m7g.large", rootDevice: "/dev/sda1" }] });
  const Name = "/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/image_id";
  const { Parameter } = await here.ssm.send(new GetParameterCommand({ Name }));
  expect(await images(here, id, Parameter?.Value)).toMatchObject([
    {
      ImageId: id,
      OwnerId: "111122223333",
      Architecture: "arm64",
      State: "available",
      RootDeviceName: "/dev/sda1",
      BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeSize: 8 } }],
    },
    { ImageId: Parameter?.Value, Architecture: "x86_64", Public: true, RootDeviceName: "/dev/xvda" },
  ]);
  await refused(images(here, id, "ami-0000000000000000f"), "InvalidAMIID.NotFound", "'[ami-0000000000000000f]'");
});

test("so are those that EKS runs its nodes from", async () => {
  const here = await clusterWithNodes();
  const { Reservations } = await here.ec2.send(new DescribeInstancesCommand({}));
  expect(await images(here, Reservations?.[0]?.Instances?.[0]?.ImageId)).toMatchObject([{ Architecture: "x86_64" }]);
});
