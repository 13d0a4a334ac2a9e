# 常用筛选
views = 常用筛选
view-save = 存为常用筛选
view-name = 名称
view-shared = 全体可见
view-keep = 保存
view-remove = 删除常用筛选
act-ShareView = 发布常用筛选
trouble-view-name = 名称不合适
trouble-view-name-text = 请写 1 到 30 个字的名称。什么都没有保存，请回到台账重填。
trouble-view-many = 常用筛选已满
trouble-view-many-text = 每人最多保存 30 个常用筛选。请先删除不用的，再保存。
