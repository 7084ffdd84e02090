"""Starts moto or MiniStack with the one thing that neither has: interfaces that AWS runs for a load balancer.

An interface that a test creates with the description `ELB app/NAME/ID` is AWS's own and in use. Nothing else is changed;
who may do what is the emulator's own judgement.
"""

import sys


def moto() -> None:
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface
    from moto.server import main

    create = NetworkInterface.__init__

    def create_managed(self, *arguments, **named):
        create(self, *arguments, **named)
        if self.description.startswith("ELB "):
            self.requester_managed, self.requester_id, self.status = True, "amazon-elb", "in-use"

    NetworkInterface.__init__ = create_managed
    main(sys.argv[2:])


def ministack() -> None:
    from ministack.app import main
    from ministack.services import ec2

    render = ec2._eni_fields_xml

    def render_managed(eni, tag="item"):
        if not eni["Description"].startswith("ELB "):
            return render(eni, tag)
        managed = "<requesterManaged>true</requesterManaged><requesterId>amazon-elb</requesterId>"
        return render(eni | {"Status": "in-use"}, tag).replace(f"</{tag}>", f"{managed}</{tag}>")

    ec2._eni_fields_xml = render_managed
    sys.argv = sys.argv[:1]
    main()


if __name__ == "__main__":
    {"moto": moto, "ministack": ministack}[sys.argv[1]]()
