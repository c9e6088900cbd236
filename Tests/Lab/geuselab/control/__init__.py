"""The control plane: moto's EC2, EFS and STS made honest, and an SSM whose commands really run on the hosts."""
