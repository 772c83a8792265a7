"""`sangyu open-office`: a new office, its first clerk, the default duties, and the card to sign in with."""

from argparse import Namespace

from sangyu.commands.session import apart, load


def run(arguments: Namespace) -> int:
    apart("prepare", "owner")
    founding = load("sangyu.commands.founding")
    card = founding.open_office(arguments.name.strip(), arguments.clerk.strip(), arguments.phone.strip())
    print(f"已开设“{arguments.name.strip()}”。第一位工作人员：{arguments.clerk.strip()}")
    print(f"登录卡（只能用一次，请当面交给本人）：\n  网址：/card/{card.secret}/　（接在系统网址后面）\n  六位密码：{card.pin}")
    print(f"  以后的登录名：{card.sign_in_name}")
    return 0
