"""`sangyu open-office`: a new office, its first clerk, the default duties, and the card to sign in with."""

from argparse import Namespace

from sangyu.commands.session import apart, load


def run(arguments: Namespace) -> int:
    apart("prepare", "owner")
    founding = load("sangyu.commands.founding")
    name, clerk = arguments.name.strip(), arguments.clerk.strip()
    card = founding.open_office(name, clerk, arguments.phone.strip(), arguments.founded)
    print(f"已开设“{name}”。第一位工作人员：{clerk}")
    print("登录卡（只能用一次，请当面交给本人）：")
    print(f"  网址　　：系统网址后面接 /card/{card.secret}/")
    print(f"  六位数字：{card.pin}")
    print(f"  登录名　：{card.sign_in_name}（第一次登录后设置自己的密码）")
    return 0
