"""What the account holds before the first host: network, key pair, file systems; made over the AWS wire like all else."""

from geuselab import networks
from geuselab.control_plane import client
from geuselab.labdir import LabDir
from geuselab.settings import INSTANCE_TYPE, ZONES, host_name


def up(lab: LabDir) -> None:
    ec2, efs = client(lab, "ec2"), client(lab, "efs")
    prefix = lab.record["networks"]["private"]["prefix"]
    vpc = ec2.create_vpc(CidrBlock=f"{prefix}.0/24")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for block, zone in zip((f"{prefix}.0/25", f"{prefix}.128/25"), ZONES)
    ]
    group = ec2.create_security_group(GroupName="geuse-lab", Description="lab", VpcId=vpc)["GroupId"]
    ec2.create_key_pair(KeyName="geuse-lab")

    file_system = efs.create_file_system(
        CreationToken="geuse-lab", Encrypted=True, Tags=[{"Key": "Name", "Value": "geuse-lab"}]
    )["FileSystemId"]
    other = efs.create_file_system(CreationToken="other", Encrypted=True)["FileSystemId"]
    for id, octet in ((file_system, networks.EFS), (other, networks.EFS_OTHER)):
        efs.create_mount_target(
            FileSystemId=id,
            SubnetId=subnets[0],
            IpAddress=networks.private_address(lab, octet),
            SecurityGroups=[group],
        )
    lab.save(
        vpc=vpc,
        subnets=subnets,
        security_group=group,
        ami=_linux_image(ec2),
        file_system=file_system,
        other_file_system=other,
    )


def _linux_image(ec2) -> str:
    """A 64-bit Linux image among those that moto brings."""
    images = ec2.describe_images(
        Filters=[
            {"Name": "architecture", "Values": ["x86_64"]},
            {"Name": "virtualization-type", "Values": ["hvm"]},
            {"Name": "root-device-type", "Values": ["ebs"]},
        ]
    )["Images"]
    return next(image["ImageId"] for image in images if "Platform" not in image)


def run_instance(lab: LabDir, index: int) -> dict:
    """Launches the instance of the index-th host; gives what is on record of it."""
    address = networks.private_address(lab, networks.FIRST_HOST + index)
    instance = client(lab, "ec2").run_instances(
        ImageId=lab.record["ami"],
        InstanceType=INSTANCE_TYPE,
        MinCount=1,
        MaxCount=1,
        KeyName="geuse-lab",
        SubnetId=lab.record["subnets"][0],
        SecurityGroupIds=[lab.record["security_group"]],
        PrivateIpAddress=address,
        TagSpecifications=[
            {
                "ResourceType": "instance",
                "Tags": [{"Key": "Name", "Value": host_name(index)}, {"Key": "Stack", "Value": host_name(index)}],
            }
        ],
    )["Instances"][0]
    return {"name": host_name(index), "instance_id": instance["InstanceId"], "private_ip": address}
