"""Made-up records of Annex 1, the same for the same seed: made-up enterprises, real places, texts of the usual length."""

import random
from datetime import UTC, datetime

from riskdesk.domain.enterprise_count import EnterpriseCount
from riskdesk.domain.records import Record, record_to_body
from riskdesk.domain.revisions import Revision, revision
from riskdesk.store.ids import new_id

PRODUCTS = [
    "充电宝",
    "电动自行车",
    "电动自行车头盔",
    "儿童爬行地垫",
    "水晶泥",
    "塑胶玩具",
    "老年鞋",
    "成人纸尿裤",
    "健身器材",
    "电子鞭炮",
    "降噪耳机",
    "移动电源",
    "电线电缆",
    "热轧带肋钢筋",
    "通用硅酸盐水泥",
    "建筑防水卷材",
    "低压成套开关设备",
    "食品接触用塑料制品",
    "食品接触用不锈钢制品",
    "玻璃器皿",
    "燃气灶",
    "家用燃气报警器",
    "电热毯",
    "学生书包",
    "文具盒",
    "童车",
    "儿童安全座椅",
    "校服",
    "羽绒服",
    "人造板",
    "内墙涂料",
    "灭火器",
    "消防水带",
    "防火门",
    "车用尿素",
    "润滑油",
    "化肥",
    "农用地膜",
    "汽车轮胎",
    "制动液",
    "安全帽",
    "防护手套",
    "洗洁精",
    "酒精湿巾",
    "电磁炉",
    "空气炸锅",
    "插座转换器",
    "LED台灯",
    "锂离子电池",
    "陶瓷餐具",
    "法兰锻件",
    "老陈醋包装瓶",
]
PLACES = [
    "太原市小店区",
    "太原市迎泽区",
    "太原市清徐县",
    "大同市平城区",
    "大同市灵丘县",
    "阳泉市盂县",
    "长治市潞州区",
    "长治市壶关县",
    "晋城市高平市",
    "朔州市怀仁市",
    "晋中市祁县",
    "晋中市平遥县",
    "运城市盐湖区",
    "运城市永济市",
    "忻州市岢岚县",
    "忻州市定襄县",
    "临汾市洪洞县",
    "临汾市隰县",
    "吕梁市孝义市",
    "吕梁市岚县",
]
_NAMES = [
    "晋华",
    "恒瑞",
    "鑫源",
    "天成",
    "金鼎",
    "汇丰",
    "宏达",
    "永盛",
    "德隆",
    "瑞祥",
    "三晋",
    "龙城",
    "太行",
    "汾河",
    "福满",
    "利民",
    "诚信",
    "双塔",
    "晋阳",
    "同德",
    "惠民",
    "博远",
    "星辰",
]
_TRADES = [
    "电子",
    "新能源",
    "塑业",
    "商贸",
    "建材",
    "机械",
    "化工",
    "日用品",
    "玩具",
    "包装",
    "钢铁",
    "电缆",
    "橡胶",
    "百货",
    "家居",
    "体育用品",
    "汽车配件",
    "消防设备",
]
_FORMS = ["有限公司", "有限责任公司", "股份有限公司", "商行", "经营部", "超市", "加工厂", "制品厂"]
ISSUES = [
    "外壳温升过高",
    "过充保护失效",
    "绝缘电阻不符合要求",
    "邻苯二甲酸酯含量超标",
    "甲醛释放量超标",
    "铅含量超标",
    "标识标志缺失",
    "无中文警示说明",
    "抗冲击性能不合格",
    "小零件脱落存在窒息风险",
    "绳索带过长",
    "重金属迁移量超标",
    "阻燃性能不合格",
    "抗压强度不足",
    "导体电阻超标",
    "漏电保护失灵",
    "防滑性能差",
    "回渗量超标",
    "荧光增白剂检出",
    "高锰酸钾消耗量超标",
    "冒用认证标志",
    "无3C认证",
    "伪造检验报告",
    "电池鼓包起火",
    "短路引发火灾",
    "燃气泄漏",
    "砷含量超标",
    "pH值超标",
    "虚标容量",
]
_HARMS = [
    "可能造成人员烫伤",
    "存在火灾隐患",
    "易引发触电事故",
    "危害儿童身体健康",
    "存在窒息风险",
    "可能引起皮肤过敏",
    "可能造成财产损失",
]
_SCENES = [
    "日常监管检查中发现",
    "消费者投诉反映",
    "省级监督抽查通报",
    "检验机构委托检验发现",
    "网络媒体报道称",
    "校园周边专项检查发现",
]
_CAUSES = [
    "原材料把控不严",
    "生产工艺落后",
    "企业未按标准组织生产",
    "进货查验制度落实不到位",
    "设计缺陷，缺少必要的防护结构",
    "出厂检验流于形式",
]
_ADVICE = [
    "开展专项监督抽查",
    "纳入下季度风险监测计划",
    "约谈企业负责人",
    "发布消费警示",
    "责令企业召回",
    "加大执法检查力度",
    "组织专家开展风险评估",
]
AT = datetime(2023, 5, 10, tzinfo=UTC)


def record(pick: random.Random, period: str = "2023-05") -> Record:
    place, product = pick.choice(PLACES), pick.choice(PRODUCTS)
    firm = f"{place[:2]}{pick.choice(_NAMES)}{pick.choice(_NAMES)[0]}{pick.choice(_TRADES)}{pick.choice(_FORMS)}"
    issues, harm, count = pick.sample(ISSUES, pick.randint(1, 3)), pick.choice(_HARMS), pick.randint(1, 12)
    return Record(
        period,
        product=product,
        enterprise_count=EnterpriseCount(f"{count}家", count),
        regions_text=place,
        content=f"{pick.choice(_SCENES)}，{place}{firm}生产（销售）的{product}{'、'.join(issues)}，{harm}。涉及批次"
        f"{pick.randint(20220101, 20231231)}，型号规格{pick.choice('ABCDEFXYZ')}{pick.randint(10, 9999)}，现场库存"
        f"{pick.randint(1, 5000)}件，抽样{pick.randint(1, 20)}批次，不合格{pick.randint(1, 5)}批次。",
        analysis=f"经分析，{pick.choice(_CAUSES)}，{harm}。",
        suggestion=f"建议{'；建议'.join(pick.sample(_ADVICE, 2))}。",
        sources_text=f"{pick.randint(1, 9)}",
        brand=pick.choice(_NAMES),
    )


def step(record: Record, object_id: str = "", parents: tuple[Revision, ...] = (), **more) -> Revision:
    """Return the revision that says the record."""
    given = {"kind": "record", "org": "140105-JU", "author": "示例", "at": AT, **more}
    return revision(object_id=object_id or new_id(), body=record_to_body(record), parents=parents, **given)


def steps(count: int, seed: int = 1, period: str = "2023-05") -> list[Revision]:
    """Return the first revisions of that many records."""
    pick = random.Random(seed)
    return [step(record(pick, period)) for _ in range(count)]
